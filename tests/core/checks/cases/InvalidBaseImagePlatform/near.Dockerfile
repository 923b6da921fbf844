FROM --platform=linux/arm64 localhost:5123/other:1
