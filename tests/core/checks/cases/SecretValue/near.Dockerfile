FROM scratch
ARG PASS
ENV REPOSITORY=https://me:$PASS@example.org/x
