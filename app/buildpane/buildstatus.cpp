#include "app/buildpane/buildstatus.h"

#include "app/accessibility.h"
#include "app/buildpane/steplogs.h"
#include "app/buildpane/stepmodel.h"
#include "app/icons.h"
#include "core/dockerfile/parser.h"

#include <QClipboard>
#include <QEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QLabel *selectableLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

/// "RUN failed: exit code 7" where the step says so, else the error's own words.
QString failureText(const StepModel::Step *step, const Error &error)
{
    if (!step)
        return error.text();
    const QString keyword = dockerfile::keywordName(step->info.keyword);
    const QString reason = step->exitCode && *step->exitCode != 0
                               ? BuildStatus::tr("exit code %1").arg(*step->exitCode)
                               : step->error.value_or(error).what;
    return BuildStatus::tr("%1 failed: %2 — line %3").arg(keyword, reason).arg(step->info.range.firstLine);
}

} // namespace

int lineInPlace(const QString &where)
{
    static const QRegularExpression place(u":(\\d+)(:\\d+)?$"_s);
    return place.match(where).captured(1).toInt();
}

BuildStatus::BuildStatus(const StepModel *model, const StepLogs *logs, QWidget *parent)
    : QFrame(parent),
      m_model(model),
      m_logs(logs),
      m_icon(new QLabel(this)),
      m_text(selectableLabel(this)),
      m_detail(selectableLabel(this)),
      m_progress(new QProgressBar(this)),
      m_goToLine(new QPushButton(icon(u"goto"_s), tr("Go to &Line"), this)),
      m_copy(new QPushButton(icon(u"copy"_s), tr("&Copy Reference"), this))
{
    setAutoFillBackground(true);
    m_text->setObjectName(u"buildResult"_s);
    m_detail->setObjectName(u"buildResultDetail"_s);
    m_detail->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    nameWidget(m_progress, u"buildProgress"_s, tr("Progress of the build"));
    m_progress->setMaximumWidth(200);
    m_progress->setTextVisible(false);
    nameWidget(m_goToLine, u"goToLineButton"_s, tr("Go to the line that failed"));
    nameWidget(m_copy, u"copyResultButton"_s, tr("Copy the built image's reference"));

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_text);
    words->addWidget(m_detail);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(m_icon);
    layout->addLayout(words, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_goToLine);
    layout->addWidget(m_copy);

    connect(model, &StepModel::progressed, this, &BuildStatus::updateProgress);
    connect(m_goToLine, &QPushButton::clicked, this, [this] { Q_EMIT goToLineRequested(m_line); });
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_image); });
    hide();
}

QString BuildStatus::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void BuildStatus::showRunning()
{
    m_running = true;
    showState(Tone::Active, u"running"_s, tr("Starting the build…"));
    updateProgress();
}

void BuildStatus::showStopping()
{
    showState(Tone::Warning, u"cancelled"_s, tr("Stopping the build…"));
}

void BuildStatus::updateProgress()
{
    m_progress->setVisible(m_running);
    if (!m_running)
        return;
    const int count = m_model->rowCount();
    const int finished = m_model->finishedCount();
    m_progress->setRange(0, count); // without steps: busy
    m_progress->setValue(finished);
    if (count > 0 && m_tone == Tone::Active)
        m_text->setText(tr("Building: %1 of %2 steps finished").arg(finished).arg(count));
}

void BuildStatus::showResult(const Result<build::BuildResult> &result)
{
    m_running = false;
    if (result)
        showSuccess(*result);
    else if (result.error().kind == ErrorKind::Cancelled)
        showState(Tone::Warning, u"cancelled"_s, tr("Build stopped. Finished steps stay cached."));
    else
        showFailure(result.error());
    m_progress->hide();
    announce(this, m_text->text());
}

void BuildStatus::showSuccess(const build::BuildResult &result)
{
    const QString tags = result.tags.isEmpty() ? tr("an image without a tag") : result.tags.join(u", "_s);
    m_image = result.tags.isEmpty() ? result.image : result.tags.first();
    showState(Tone::Good, u"done"_s,
              tr("Built %1 in %2. Steps: %3, of these cached: %4")
                  .arg(tags, durationText(result.durationMs))
                  .arg(result.steps)
                  .arg(result.cachedSteps));
    setToolTip(tr("Image %1\nSession %2").arg(result.image, result.session));
    m_copy->show();
}

void BuildStatus::showFailure(const Error &error)
{
    const StepModel::Step *step = m_model->failedStep();
    const int line = step ? step->info.range.firstLine : lineInPlace(error.where);
    QString detail;
    if (step && step->exitCode)
        detail = m_logs->lastLines(step->info.index, 3).join(u'\n');
    else if (step)
        detail = step->error.value_or(error).next;
    showState(Tone::Bad, u"failed"_s, failureText(step, error), detail);
    m_line = line;
    m_goToLine->setVisible(line > 0);
}

void BuildStatus::showError(const QString &text)
{
    m_running = false;
    showState(Tone::Bad, u"failed"_s, text);
    m_progress->hide();
    announce(this, text);
}

void BuildStatus::showState(Tone tone, const QString &iconName, const QString &text, const QString &detail)
{
    m_tone = tone;
    m_iconName = iconName;
    m_line = 0;
    m_text->setText(text);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    m_goToLine->hide();
    m_copy->hide();
    setToolTip({});
    paintTone();
    show();
}

void BuildStatus::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paintTone();
    QFrame::changeEvent(event);
}

void BuildStatus::paintTone()
{
    QPalette colors;
    colors.setColor(QPalette::Window, toneBackground(m_tone, colors));
    setPalette(colors);
    if (!m_iconName.isEmpty())
        m_icon->setPixmap(icon(m_iconName, m_tone).pixmap(QSize(18, 18), devicePixelRatioF()));
}

} // namespace cooperage::gui
