#pragma once

#include <QDialog>

namespace cooperage::gui {

class EngineSession;

/// What the program is, and a block of versions to copy into a bug report.
class AboutDialog : public QDialog
{
    Q_OBJECT

public:
    explicit AboutDialog(const EngineSession &session, QWidget *parent = nullptr);
};

} // namespace cooperage::gui
