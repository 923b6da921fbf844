#pragma once

#include "app/buildpane/buildoptions.h"

#include <QWidget>

class QCheckBox;
class QLineEdit;

namespace cooperage::gui {

/// The fields above the steps: tag, build arguments, target, cache. They are remembered per Dockerfile.
class BuildForm : public QWidget
{
    Q_OBJECT

public:
    explicit BuildForm(QWidget *parent = nullptr);

    /// Shows what is remembered for this Dockerfile; empty: for a file without a path.
    void setDockerfile(const QString &path);
    [[nodiscard]] BuildOptions options() const;
    void remember() const;
    /// Puts the cursor there, to mend a mistake.
    void focusArguments();

Q_SIGNALS:
    void submitted(); ///< Enter was pressed in a field.

private:
    QString m_dockerfile;
    QLineEdit *m_tag;
    QLineEdit *m_arguments;
    QLineEdit *m_target;
    QCheckBox *m_noCache;
};

} // namespace cooperage::gui
