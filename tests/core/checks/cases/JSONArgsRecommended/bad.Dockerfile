FROM scratch
CMD run --now
