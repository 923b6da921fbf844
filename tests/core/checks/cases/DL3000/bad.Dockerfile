FROM scratch
WORKDIR /srv
WORKDIR app
