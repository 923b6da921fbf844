FROM debian:12 AS debian-base
FROM debian-base
