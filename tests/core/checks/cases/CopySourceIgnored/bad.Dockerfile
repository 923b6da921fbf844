FROM scratch
COPY secret.md /
