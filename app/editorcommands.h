#pragma once

#include <QObject>

#include <functional>

class QAction;
class QMenu;

namespace cooperage::gui {

class CodeEditor;
class EditorPage;
class EditorTabs;
struct ActionSpec;

/// What the Edit menu has for files alone: find and replace, going to a line, commands on whole lines.
class EditorCommands : public QObject
{
    Q_OBJECT

public:
    EditorCommands(EditorTabs *tabs, QObject *parent);

    void fillMenu(QMenu *menu) const;

private:
    QAction *make(const ActionSpec &spec, const std::function<void(EditorPage *)> &act);
    void makeFind();
    void makeLines();
    void askForLine(CodeEditor *editor);
    void updateState();

    EditorTabs *m_tabs;
    QList<QAction *> m_find;
    QList<QAction *> m_lines;
};

} // namespace cooperage::gui
