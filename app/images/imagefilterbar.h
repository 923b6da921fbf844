#pragma once

#include "core/engine/imagelist.h"

#include <QWidget>

class QActionGroup;
class QLineEdit;
class QMenu;
class QToolButton;

namespace cooperage::gui {

/// What of the images is shown, and how it is grouped: free text, tagged or not, when made. Remembered.
class ImageFilterBar : public QWidget
{
    Q_OBJECT

public:
    explicit ImageFilterBar(QWidget *parent = nullptr);

    /// The chosen filter; order and page are the model's.
    void apply(engine::ImageListQuery *query) const;
    [[nodiscard]] std::optional<engine::ImageGrouping> grouping() const;
    /// Whether fewer than all tagged images may be shown.
    [[nodiscard]] bool isFiltering() const;
    void clear();
    /// Engines without `image-list` know neither groups nor free text: the text is then the tag's beginning.
    void setComplete(bool complete, const QString &reason);

Q_SIGNALS:
    void changed();

private:
    struct Choice
    {
        QString key;
        QString text;
    };
    QActionGroup *addChoices(QMenu *menu, const QString &name, const QList<Choice> &choices,
                             const QString &current);
    void fillMenu();
    void choose();
    void showPlaceholder();
    [[nodiscard]] bool matchesAnywhere() const;
    void askForDates();
    void setDates(const QString &since, const QString &until);
    [[nodiscard]] static QString chosen(const QActionGroup *group);

    QLineEdit *m_text;
    QToolButton *m_button;
    QMenu *m_menu;
    QActionGroup *m_show;
    QActionGroup *m_match;
    QActionGroup *m_made;
    QActionGroup *m_group;
    QString m_since;
    QString m_until;
    bool m_complete = true;
};

} // namespace cooperage::gui
