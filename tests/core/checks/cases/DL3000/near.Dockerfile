FROM scratch
WORKDIR /srv
WORKDIR /srv/app
