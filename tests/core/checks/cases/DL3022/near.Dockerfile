FROM debian:12 AS build
FROM debian:12
COPY --from=build /a /a
COPY --from=alpine:3.20 /b /b
