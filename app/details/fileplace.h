#pragma once

#include "app/details/filetext.h"
#include "app/details/imagefile.h"

#include <QWidget>

#include <stop_token>

class QLabel;

namespace cooperage::gui {

class CodeEditor;
class Highlighting;
class InlineMessage;

/// A file of an image in a tab of the window, to be read and copied from, not to be changed.
class FilePlace : public QWidget
{
    Q_OBJECT

public:
    explicit FilePlace(ImageFile file, QWidget *parent = nullptr);
    ~FilePlace() override;

    [[nodiscard]] const ImageFile &file() const { return m_file; }
    /// Once the text is there.
    void goToLine(int line);

protected:
    void changeEvent(QEvent *event) override;

private:
    void read();
    void showText(const FileText &text);

    ImageFile m_file;
    InlineMessage *m_message;
    QLabel *m_heading;
    CodeEditor *m_editor;
    Highlighting *m_highlighting;
    int m_line = 1;
    std::stop_source m_stop;
};

} // namespace cooperage::gui
