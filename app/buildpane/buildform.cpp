#include "app/buildpane/buildform.h"

#include "app/accessibility.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace cooperage::gui {

BuildForm::BuildForm(QWidget *parent)
    : QWidget(parent),
      m_tag(new QLineEdit(this)),
      m_arguments(new QLineEdit(this)),
      m_target(new QLineEdit(this)),
      m_noCache(new QCheckBox(tr("&No cache"), this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](QLineEdit *field, const QString &label, int stretch) {
        auto *text = new QLabel(label, this);
        text->setBuddy(field);
        layout->addWidget(text);
        layout->addWidget(field, stretch);
        connect(field, &QLineEdit::returnPressed, this, &BuildForm::submitted);
    };
    nameWidget(m_tag, u"buildTag"_s, tr("Tag of the built image"));
    m_tag->setPlaceholderText(tr("none"));
    m_tag->setToolTip(
        tr("The name under which the built image can be found; it moves here if it exists already"));
    nameWidget(m_arguments, u"buildArguments"_s, tr("Build arguments"));
    m_arguments->setPlaceholderText(tr("NAME=value …"));
    m_arguments->setToolTip(
        tr("Values for the Dockerfile's ARGs, separated by spaces; quotes keep spaces together. "
           "Arguments named like a token or password are not remembered."));
    nameWidget(m_target, u"buildTarget"_s, tr("Target stage"));
    m_target->setPlaceholderText(tr("last stage"));
    m_target->setToolTip(tr("Build only this stage and what it needs"));
    m_noCache->setObjectName(u"buildNoCache"_s);
    m_noCache->setToolTip(tr("Run every step anew"));
    add(m_tag, tr("&Tag:"), 4);
    add(m_arguments, tr("&Arguments:"), 5);
    add(m_target, tr("Tar&get:"), 2);
    layout->addWidget(m_noCache);
}

void BuildForm::setDockerfile(const QString &path)
{
    if (path == m_dockerfile)
        return;
    if (!m_dockerfile.isEmpty())
        remember();
    m_dockerfile = path;
    const BuildOptions options = path.isEmpty() ? BuildOptions() : BuildOptions::load(path);
    m_tag->setText(options.tag);
    m_arguments->setText(options.arguments);
    m_target->setText(options.target);
    m_noCache->setChecked(options.noCache);
}

BuildOptions BuildForm::options() const
{
    return {.tag = m_tag->text().trimmed(),
            .arguments = m_arguments->text().trimmed(),
            .target = m_target->text().trimmed(),
            .noCache = m_noCache->isChecked()};
}

void BuildForm::remember() const
{
    if (!m_dockerfile.isEmpty())
        options().store(m_dockerfile);
}

void BuildForm::focusArguments()
{
    m_arguments->setFocus(Qt::OtherFocusReason);
    m_arguments->selectAll();
}

} // namespace cooperage::gui
