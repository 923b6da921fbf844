#pragma once

#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace cooperage::gui {

class ImageCatalog;
class InlineMessage;
class TagHistory;

/// Where a tag pointed and when; moves it back.
class TagHistoryDialog : public QDialog
{
    Q_OBJECT

public:
    /// Without a tag: that changed last.
    TagHistoryDialog(const QString &tag, ImageCatalog *catalog, QWidget *parent = nullptr);
    ~TagHistoryDialog() override;

private:
    void showLoaded();
    void update();

    TagHistory *m_history;
    InlineMessage *m_message;
    QComboBox *m_tag;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_list;
    QPushButton *m_back;
};

} // namespace cooperage::gui
