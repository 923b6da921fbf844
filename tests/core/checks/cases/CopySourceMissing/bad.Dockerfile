FROM scratch
COPY reqirements.txt /
