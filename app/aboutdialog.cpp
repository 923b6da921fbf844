#include "app/aboutdialog.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/icons.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

QString engineLine(const EngineSession &session)
{
    if (session.state() != EngineSession::State::Ready)
        return u"Engine: not connected"_s;
    const engine::EngineInfo &info = session.info();
    return u"Engine: %1 %2"_s.arg(info.name, info.version).trimmed();
}

/// For bug reports: not translated.
QString versions(const EngineSession &session)
{
    return QStringList{
        u"Cooperage %1"_s.arg(QCoreApplication::applicationVersion()),
        u"Qt %1 (built with %2), %3"_s.arg(QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR),
                                           QGuiApplication::platformName()),
        engineLine(session),
        u"%1, kernel %2 %3, %4"_s.arg(QSysInfo::prettyProductName(), QSysInfo::kernelType(),
                                      QSysInfo::kernelVersion(), QSysInfo::currentCpuArchitecture())}
        .join(u'\n');
}

} // namespace

AboutDialog::AboutDialog(const EngineSession &session, QWidget *parent) : QDialog(parent)
{
    setObjectName(u"aboutDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About Cooperage"));
    auto *picture = new QLabel(this);
    picture->setPixmap(applicationIcon().pixmap(QSize(64, 64), devicePixelRatioF()));
    auto *words = new QLabel(
        tr("A workbench for container images: write a Dockerfile, build it, look into every layer."), this);
    words->setWordWrap(true);
    auto *block = new QPlainTextEdit(versions(session), this);
    nameWidget(block, u"versionBlock"_s, tr("Versions"));
    block->setReadOnly(true);
    block->setLineWrapMode(QPlainTextEdit::NoWrap);
    block->setMinimumSize(440, 6 * block->fontMetrics().lineSpacing());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    copy->setToolTip(tr("Copy the versions, for a bug report"));

    auto *top = new QHBoxLayout;
    top->addWidget(picture);
    top->addWidget(words, 1);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(block, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(copy, &QPushButton::clicked, this,
            [block] { QGuiApplication::clipboard()->setText(block->toPlainText()); });
}

} // namespace cooperage::gui
