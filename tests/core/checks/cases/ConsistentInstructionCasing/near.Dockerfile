arg a
FROM scratch
LABEL b=2
