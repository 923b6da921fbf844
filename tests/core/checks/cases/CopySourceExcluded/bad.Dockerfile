FROM scratch
COPY build/app /
