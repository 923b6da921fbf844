FROM debian:12
ADD app.tar.gz https://example.org/x /srv/
