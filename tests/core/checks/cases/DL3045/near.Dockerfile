FROM scratch
WORKDIR /
COPY app srv/
