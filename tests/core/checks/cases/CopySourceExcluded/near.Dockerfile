FROM scratch
COPY builder/app /
