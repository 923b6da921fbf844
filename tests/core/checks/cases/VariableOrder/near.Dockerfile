FROM scratch
ARG MODE=debug
ENV MODE=release
