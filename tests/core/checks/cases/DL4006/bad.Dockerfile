FROM debian:12
RUN fetch | unpack
