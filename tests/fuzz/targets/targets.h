#pragma once

#include <QByteArray>

#include <span>

namespace cooperage::fuzz {

/// One reader of bytes that others have written. It may refuse them, but neither crash, hang nor reach out of
/// its scratch folder; what else holds of every input is said by `must`.
struct Target
{
    const char *name; ///< Also of its folder below tests/fuzz/seeds.
    void (*run)(const QByteArray &bytes);
};

/// All of them.
[[nodiscard]] std::span<const Target> targets();

/// Ends the program with `what` unless `holds`, also in a build without assertions.
void must(bool holds, const char *what);

/// The input up to the first NUL byte and what follows it: for targets with two texts.
struct TwoParts
{
    QByteArray first;
    QByteArray second;
};
[[nodiscard]] TwoParts twoParts(const QByteArray &bytes);

// Dockerfiles and contexts
void dockerfile(const QByteArray &bytes);
void checkedDockerfile(const QByteArray &bytes);
void expansion(const QByteArray &bytes);
void ignoreRules(const QByteArray &bytes);
void globPattern(const QByteArray &bytes);
void gitSource(const QByteArray &bytes);
void modeChange(const QByteArray &bytes);

// Names
void reference(const QByteArray &bytes);

// Images and archives
void layer(const QByteArray &bytes);
void archiveMembers(const QByteArray &bytes);
void imageDocument(const QByteArray &bytes);
void entryPath(const QByteArray &bytes);

// Registries
void httpUrl(const QByteArray &bytes);
void authChallenge(const QByteArray &bytes);
void retryAfter(const QByteArray &bytes);
void blobDownload(const QByteArray &bytes);

// Requests to the engine
void instanceRequest(const QByteArray &bytes);
void commitRequest(const QByteArray &bytes);
void queryTime(const QByteArray &bytes);

// Answers of an engine
void eventStream(const QByteArray &bytes);
void engineJson(const QByteArray &bytes);
void inspectArchive(const QByteArray &bytes);

// Files of images and of the machine
void passwdFile(const QByteArray &bytes);
void subordinateIds(const QByteArray &bytes);

} // namespace cooperage::fuzz
