FROM --platform=linux/arm64 other:1
