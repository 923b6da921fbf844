#include "app/transfers/transfercommands.h"

#include "app/credentials/signindialog.h"
#include "app/images/exportdialog.h"
#include "app/images/imageactions.h"
#include "app/images/imagecatalog.h"
#include "app/images/imagepane.h"
#include "app/images/importdialog.h"
#include "app/images/pushdialog.h"
#include "app/inlinemessage.h"
#include "app/transfers/transfermodel.h"
#include "app/transfers/transferpane.h"
#include "app/transfers/transferqueue.h"
#include "app/workbench.h"
#include "core/images/reference.h"

#include <QDockWidget>
#include <QMainWindow>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

TransferCommands::TransferCommands(Workbench *workbench, ImagePane *images, QDockWidget *beside,
                                   QMainWindow *window)
    : QObject(window),
      m_workbench(workbench),
      m_images(images),
      m_window(window),
      m_dock(new QDockWidget(tr("Transfers"), window))
{
    m_dock->setObjectName(u"transferDock"_s);
    m_dock->setWidget(new TransferPane(workbench->transfers(), m_dock));
    window->tabifyDockWidget(beside, m_dock);
    m_dock->hide(); // Comes by itself with the first transfer.
    connect(images, &ImagePane::importWanted, this, [this] { askForImport(); });
    connect(images->actions(), &ImageActions::exportWanted, this, &TransferCommands::askForExport);
    connect(images->actions(), &ImageActions::pushWanted, this, &TransferCommands::askForPush);
    connect(workbench->transfers(), &TransferQueue::added, this, [this] {
        m_dock->show();
        m_dock->raise();
    });
    connect(workbench->transfers(), &TransferQueue::imported, workbench->images(), &ImageCatalog::refresh);
    connect(workbench->transfers(), &TransferQueue::finished, this, &TransferCommands::report);
}

void TransferCommands::askForImport(const QString &text)
{
    auto *dialog = new ImportDialog(m_workbench->images(), m_window);
    dialog->setText(text);
    connect(dialog, &ImportDialog::chosen, this, [this](const QList<engine::ImportRequest> &requests) {
        for (const engine::ImportRequest &request : requests)
            m_workbench->transfers()->import(request);
    });
    dialog->open();
}

void TransferCommands::askForExport(const engine::ImageRecord &image)
{
    auto *dialog = new ExportDialog(image, m_window);
    connect(dialog, &ExportDialog::chosen, this,
            [this, image](const engine::ExportRequest &request, const QString &output) {
                m_workbench->transfers()->exportImage(request, referenceOf(image), output);
            });
    dialog->open();
}

void TransferCommands::askForPush(const engine::ImageRecord &image)
{
    auto *dialog = new PushDialog(image, m_window);
    connect(dialog, &PushDialog::chosen, this, [this, image](const engine::PushRequest &request) {
        m_workbench->transfers()->push(request, referenceOf(image));
    });
    dialog->open();
}

static QString failureText(const Transfer &transfer)
{
    const QString text = transfer.error.text(); // Often names the image itself.
    return text.contains(transfer.what) ? text : TransferCommands::tr("%1: %2").arg(transfer.what, text);
}

void TransferCommands::report(const Transfer &transfer)
{
    InlineMessage *message = m_images->message();
    if (transfer.state == Transfer::State::Done)
        message->show(Tone::Good, tr("%1: %2.").arg(transfer.what, stateText(transfer)));
    else if (transfer.state == Transfer::State::Failed && transfer.error.kind == ErrorKind::Denied)
        message->show(Tone::Bad, failureText(transfer), tr("&Sign In…"),
                      [this, transfer] { signIn(transfer); });
    else if (transfer.state == Transfer::State::Failed)
        message->show(Tone::Bad, failureText(transfer), tr("Retry"),
                      [this, id = transfer.id] { m_workbench->transfers()->retry(id); });
}

void TransferCommands::signIn(const Transfer &transfer)
{
    const QString name = transfer.kind == Transfer::Kind::Push ? transfer.where : transfer.what;
    const auto reference = images::Reference::parse(name);
    auto *dialog =
        new SignInDialog(m_workbench->secrets(), reference ? reference->host : QString(), {}, m_window);
    connect(dialog, &SignInDialog::signedIn, this,
            [this, id = transfer.id] { m_workbench->transfers()->retry(id); });
    dialog->open();
}

} // namespace cooperage::gui
