#include "app/details/filediffplace.h"

#include "app/accessibility.h"
#include "app/actions.h"
#include "app/colors.h"
#include "app/inlinemessage.h"

#include <QCheckBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

namespace {

/// Colours of a unified diff; the sign at the beginning of a line says the same.
class DiffColors : public QSyntaxHighlighter
{
public:
    explicit DiffColors(QPlainTextEdit *edit) : QSyntaxHighlighter(edit->document()), m_edit(edit) {}

protected:
    void highlightBlock(const QString &text) override
    {
        const Tone tone = text.startsWith(u'+')      ? Tone::Good
                          : text.startsWith(u'-')    ? Tone::Bad
                          : text.startsWith("@@"_L1) ? Tone::Active
                                                     : Tone::Neutral;
        if (tone == Tone::Neutral)
            return;
        QTextCharFormat format;
        format.setForeground(toneColor(tone, m_edit->palette()));
        setFormat(0, int(text.size()), format);
    }

private:
    QPlainTextEdit *m_edit;
};

/// Colours follow the theme.
class DiffText : public QPlainTextEdit
{
public:
    explicit DiffText(QWidget *parent) : QPlainTextEdit(parent), m_colors(new DiffColors(this)) {}

protected:
    void changeEvent(QEvent *event) override
    {
        if (event->type() == QEvent::PaletteChange)
            m_colors->rehighlight();
        QPlainTextEdit::changeEvent(event);
    }

private:
    DiffColors *m_colors;
};

} // namespace

FileDiffPlace::FileDiffPlace(ImageFile before, ImageFile after, QWidget *parent)
    : QWidget(parent),
      m_before(std::move(before)),
      m_after(std::move(after)),
      m_message(new InlineMessage(this)),
      m_summary(new QLabel(tr("Comparing…"), this)),
      m_everything(new QCheckBox(tr("Sho&w unchanged lines"), this)),
      m_next(makeAction({u"fileDiffNext"_s, u"next"_s, tr("&Next Change"), tr("Go to the next change"),
                         QKeySequence(Qt::Key_N)},
                        this)),
      m_previous(makeAction({u"fileDiffPrevious"_s, u"previous"_s, tr("&Previous Change"),
                             tr("Go to the change before this one"), QKeySequence(Qt::Key_P)},
                            this)),
      m_text(new DiffText(this))
{
    setObjectName(u"fileDiffPlace"_s);
    setWindowTitle(
        tr("%1: %2 → %3").arg(m_after.path.section(u'/', -1), m_before.side.name, m_after.side.name));
    m_message->setObjectName(u"fileDiffMessage"_s);
    nameWidget(m_text, u"fileDiffText"_s, tr("Differences of %1").arg(m_after.path));
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFrameShape(QFrame::NoFrame);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(m_message);
    layout->addWidget(m_text, 1);
    setFocusProxy(m_text);
    auto *comparer = new FileComparer(m_before, m_after, this);
    connect(comparer, &FileComparer::compared, this, &FileDiffPlace::showResult);
    connect(comparer, &FileComparer::failed, this, [this](const Error &error) {
        m_summary->clear();
        m_message->show(Tone::Bad, error.text());
    });
}

QWidget *FileDiffPlace::makeBar()
{
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(6, 2, 6, 2);
    nameWidget(m_summary, u"fileDiffSummary"_s, tr("Result of the comparison"));
    nameWidget(m_everything, u"fileDiffEverything"_s, tr("Show unchanged lines"));
    layout->addWidget(m_summary, 1);
    layout->addWidget(m_everything);
    const auto add = [this, layout, bar](QAction *action, int step) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, [this, step] { goToChange(step); });
        auto *button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        nameWidget(button, action->objectName() + u"Button"_s, action->text().remove(u'&'));
        layout->addWidget(button);
    };
    add(m_previous, -1);
    add(m_next, 1);
    for (QAction *action : {m_next, m_previous})
        action->setEnabled(false);
    m_everything->setEnabled(false);
    connect(m_everything, &QCheckBox::toggled, this, &FileDiffPlace::write);
    return bar;
}

void FileDiffPlace::showResult(const FileComparison &comparison)
{
    m_comparison = comparison;
    m_summary->setText(comparison.summary);
    const bool differs =
        !comparison.diff.lines.isEmpty() && comparison.diff.added + comparison.diff.removed > 0;
    for (QAction *action : {m_next, m_previous})
        action->setEnabled(differs);
    m_everything->setEnabled(differs);
    if (!comparison.note.isEmpty())
        m_message->show(Tone::Neutral, comparison.note);
    m_text->setPlaceholderText(comparison.summary);
    write();
    goToChange(1);
}

void FileDiffPlace::write()
{
    m_text->setPlainText(m_comparison.unified(m_before, m_after, m_everything->isChecked()));
}

static bool isChange(const QTextBlock &block)
{
    // The first two lines name the files.
    return block.blockNumber() >= 2 && (block.text().startsWith(u'+') || block.text().startsWith(u'-'));
}

// To the first line of the next run of changed lines.
void FileDiffPlace::goToChange(int step)
{
    const auto beside = [step](const QTextBlock &block) {
        return step > 0 ? block.next() : block.previous();
    };
    QTextBlock block = m_text->textCursor().block();
    while (block.isValid() && isChange(block))
        block = beside(block);
    while (block.isValid() && !isChange(block))
        block = beside(block);
    while (step < 0 && block.isValid() && isChange(block.previous()))
        block = block.previous();
    if (!block.isValid())
        return;
    m_text->setTextCursor(QTextCursor(block));
    m_text->centerCursor();
}

} // namespace cooperage::gui
