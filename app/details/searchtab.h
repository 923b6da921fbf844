#pragma once

#include "app/details/imagefile.h"
#include "app/details/imagesearch.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace cooperage::gui {

class ImageDetails;
class InlineMessage;

/// Searches an image's files by name or content and leads to what was found.
class SearchTab : public QWidget
{
    Q_OBJECT

public:
    explicit SearchTab(ImageDetails *details, QWidget *parent = nullptr);
    ~SearchTab() override;

Q_SIGNALS:
    void openWanted(const cooperage::gui::ImageFile &file, int line);
    void pathWanted(const QString &path); ///< In the tree of files.

private:
    QWidget *makeForm();
    void makeResults();
    void start();
    void update();
    void open(const QModelIndex &index);

    ImageDetails *m_details;
    ImageSearch *m_search;
    InlineMessage *m_message;
    QComboBox *m_where;
    QLineEdit *m_pattern;
    QLineEdit *m_folder;
    QCheckBox *m_case;
    QCheckBox *m_expression;
    QPushButton *m_start;
    QLabel *m_summary;
    QTreeView *m_view;
    QAction *m_open;
    QAction *m_reveal;
};

} // namespace cooperage::gui
