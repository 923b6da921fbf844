#pragma once

#include "app/details/filecomparison.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QLabel;
class QPlainTextEdit;

namespace cooperage::gui {

class InlineMessage;

/// Two files of images in a tab of the window: how the first became the second.
class FileDiffPlace : public QWidget
{
    Q_OBJECT

public:
    FileDiffPlace(ImageFile before, ImageFile after, QWidget *parent = nullptr);

private:
    QWidget *makeBar();
    void showResult(const FileComparison &comparison);
    void write();
    void goToChange(int step);

    ImageFile m_before;
    ImageFile m_after;
    FileComparison m_comparison{};
    InlineMessage *m_message;
    QLabel *m_summary;
    QCheckBox *m_everything;
    QAction *m_next;
    QAction *m_previous;
    QPlainTextEdit *m_text;
};

} // namespace cooperage::gui
