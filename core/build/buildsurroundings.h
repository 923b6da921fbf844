#pragma once

#include "core/build/buildjob.h"
#include "core/build/imageconfigs.h"
#include "core/build/prepare.h"
#include "core/build/sharedresult.h"

#include <map>
#include <memory>

namespace cooperage::build {

/// Answers the questions of a running build: finished stages of the same build, images by the engine
/// (imported where they are missing), URLs by the engine's uploads. Each image and each URL is asked for once
/// per build.
class BuildSurroundings : public Surroundings
{
public:
    explicit BuildSurroundings(BuildJob *job);

    [[nodiscard]] engine::Task<StageEnd> stage(int fileIndex) override;
    [[nodiscard]] engine::Task<BaseImage> base(QString reference, PlannedStep step) override;
    [[nodiscard]] engine::Task<AddedUrl> url(QString url, QByteArray expected, PlannedStep step) override;
    [[nodiscard]] engine::Task<QString> commit(context::GitSource source, PlannedStep step) override;

    /// Wakes those who wait for the stage.
    void finish(int fileIndex, const Result<StageEnd> &end);

private:
    [[nodiscard]] engine::Task<BaseImage> findBase(QString reference, int step);
    [[nodiscard]] engine::Task<BaseImage> locate(QString reference, int step);
    [[nodiscard]] engine::Task<BaseImage> import(QString reference, int step);
    [[nodiscard]] engine::Task<AddedUrl> fetchUrl(QString url, QByteArray expected, int step);
    [[nodiscard]] engine::ProgressHandler progress(int step) const;

    BuildJob *m_job;
    ImageConfigs m_configs;
    std::map<int, SharedResult<StageEnd>> m_stages;
    std::map<QString, SharedResult<BaseImage>> m_bases;
    std::map<std::pair<QString, QByteArray>, SharedResult<AddedUrl>> m_urls;
    std::map<std::pair<QString, QString>, SharedResult<QString>> m_commits;
};

/// The names under which an engine may know the image of a FROM, best first.
[[nodiscard]] QStringList imageCandidates(const QString &reference);

} // namespace cooperage::build
