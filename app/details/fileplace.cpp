#include "app/details/fileplace.h"

#include "app/accessibility.h"
#include "app/background.h"
#include "app/editor/codeeditor.h"
#include "app/editor/document.h"
#include "app/editor/highlighting.h"
#include "app/inlinemessage.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

// Colours of a text are worked out at once for all of it.
static constexpr qsizetype mostColoured = 256 * 1024;

FilePlace::FilePlace(ImageFile file, QWidget *parent)
    : QWidget(parent),
      m_file(std::move(file)),
      m_message(new InlineMessage(this)),
      m_heading(new QLabel(this)),
      m_editor(new CodeEditor(this)),
      m_highlighting(new Highlighting(m_editor->document()))
{
    setObjectName(u"filePlace"_s);
    setWindowTitle(tr("%1 — %2").arg(m_file.path.section(u'/', -1), m_file.side.name));
    m_message->setObjectName(u"filePlaceMessage"_s);
    m_heading->setText(tr("%1 of %2, read-only").arg(m_file.path, m_file.side.name));
    m_heading->setTextFormat(Qt::PlainText);
    m_heading->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_heading->setMargin(6);
    m_heading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    nameWidget(m_editor, u"filePlaceText"_s, tr("Text of %1").arg(m_file.path));
    m_editor->setReadOnly(true);
    m_editor->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_editor->setPlaceholderText(tr("Reading the file…"));
    m_highlighting->followPalette(m_editor->palette());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_heading);
    layout->addWidget(m_message);
    layout->addWidget(m_editor, 1);
    setFocusProxy(m_editor);
    read();
}

FilePlace::~FilePlace()
{
    m_stop.request_stop();
}

void FilePlace::read()
{
    QCoro::connect(
        engine::readHead(m_file.side.engine, m_file.side.uuid, m_file.path, shownBytes, m_stop.get_token()),
        this, [this](const Result<engine::FileHead> &head) {
            if (head) {
                inBackground(
                    this, [bytes = *head] { return decoded(bytes); },
                    [this](const FileText &text) { showText(text); });
                return;
            }
            m_editor->setPlaceholderText({});
            if (head.error().kind != ErrorKind::Cancelled)
                m_message->show(Tone::Bad, head.error().text());
        });
}

void FilePlace::showText(const FileText &text)
{
    m_editor->setPlaceholderText(text.isBinary ? tr("Not a text.") : tr("The file is empty."));
    if (text.text.size() <= mostColoured) {
        const QString name = m_file.path.section(u'/', -1);
        m_highlighting->setFileName(name, isDockerfileName(name));
    }
    m_editor->setPlainText(text.text);
    m_editor->goToLine(m_line);
    if (const QString note = text.note(); !note.isEmpty())
        m_message->show(Tone::Neutral, note);
}

void FilePlace::goToLine(int line)
{
    m_line = line;
    m_editor->goToLine(line);
}

void FilePlace::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_highlighting->followPalette(m_editor->palette());
    QWidget::changeEvent(event);
}

} // namespace cooperage::gui
