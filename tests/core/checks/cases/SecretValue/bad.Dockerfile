FROM scratch
ENV REPOSITORY=https://me:hunter22@example.org/x
