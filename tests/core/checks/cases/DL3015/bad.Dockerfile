FROM debian:12
RUN apt-get -y install curl=7.88
