FROM debian:12
COPY a.c b.c /srv/
