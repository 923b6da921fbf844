FROM scratch
WORKDIR /app
