FROM scratch
RUN --network=none make
