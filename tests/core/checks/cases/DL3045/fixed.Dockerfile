FROM scratch
COPY app /srv/
