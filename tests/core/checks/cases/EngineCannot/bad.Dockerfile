FROM scratch
RUN --security=insecure make
