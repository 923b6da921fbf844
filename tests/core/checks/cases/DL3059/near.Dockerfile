FROM debian:12
RUN make
RUN --network=none make install
