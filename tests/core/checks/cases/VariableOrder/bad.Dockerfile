FROM scratch
ENV MODE=release
ARG MODE=debug
