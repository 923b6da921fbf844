#include "app/details/imagechooser.h"

#include "app/accessibility.h"
#include "app/connections/enginesession.h"
#include "app/details/imagefacts.h"
#include "app/images/imageactions.h"
#include "app/images/imagecatalog.h"
#include "core/engine/engine.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace cooperage::gui {

ImageChooser::ImageChooser(ImageCatalog *catalog, const QString &subject, QWidget *parent)
    : QDialog(parent),
      m_catalog(catalog),
      m_engine(catalog->session()->engine()),
      m_name(new QLineEdit(this)),
      m_layer(new QComboBox(this)),
      m_hint(new QLabel(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this))
{
    setObjectName(u"imageChooser"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare %1 With…").arg(subject));
    nameWidget(m_name, u"chooserName"_s, tr("Image to compare with"));
    nameWidget(m_layer, u"chooserLayer"_s, tr("How much of the image"));
    m_name->setPlaceholderText(tr("Tag or id"));
    m_name->setMinimumWidth(360);
    m_layer->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_hint->setObjectName(u"chooserHint"_s);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setWordWrap(true);
    m_hint->setMinimumHeight(2 * m_hint->fontMetrics().lineSpacing());
    m_buttons->addButton(tr("Com&pare"), QDialogButtonBox::AcceptRole)->setDefault(true);
    auto *form = new QFormLayout(this);
    form->addRow(tr("&Image:"), m_name);
    form->addRow(tr("&Up to:"), m_layer);
    form->addRow(m_hint);
    form->addRow(m_buttons);
    m_pause.setSingleShot(true);
    m_pause.setInterval(200ms);
    connect(m_name, &QLineEdit::textChanged, this, [this] {
        setUsable(false);
        m_hint->clear();
        m_pause.start();
    });
    connect(&m_pause, &QTimer::timeout, this, &ImageChooser::resolve);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &ImageChooser::choose);
    catalog->listTags(this, [this](const QStringList &tags) {
        auto *completer = new QCompleter(tags, m_name);
        completer->setFilterMode(Qt::MatchContains);
        m_name->setCompleter(completer);
    });
    setUsable(false);
}

ImageChooser::~ImageChooser()
{
    m_stop.request_stop();
}

void ImageChooser::setUsable(bool usable)
{
    m_layer->setEnabled(usable && m_layer->count() > 1);
    for (QAbstractButton *button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole)
            button->setEnabled(usable);
    }
}

void ImageChooser::resolve()
{
    const QString name = m_name->text().trimmed();
    if (name.isEmpty())
        return;
    QCoro::connect(m_engine->resolve(name, m_stop.get_token()), this,
                   [this, name](const Result<engine::ImageRecord> &image) {
                       if (name != m_name->text().trimmed())
                           return;
                       if (image)
                           showImage(*image);
                       else
                           m_hint->setText(image.error().text());
                   });
}

void ImageChooser::showImage(const engine::ImageRecord &image)
{
    m_image = image;
    m_layer->clear();
    m_layer->addItem(tr("The whole image"), 0);
    setUsable(true);
    const EngineSession *session = m_catalog->session();
    if (!session->info().offers(engine::extension::layers)) {
        m_layer->setToolTip(tr("%1 does not tell what layers an image has.").arg(session->info().name));
        return;
    }
    QCoro::connect(m_engine->layers(image.uuid, m_stop.get_token()), this,
                   [this, uuid = image.uuid](const Result<QList<engine::LayerRecord>> &layers) {
                       if (!layers || uuid != m_image.uuid || m_layer->count() > 1)
                           return;
                       for (int number = 1; number < layers->size(); ++number)
                           m_layer->addItem(tr("Layer %1 of %2").arg(number).arg(layers->size()), number);
                       m_layer->setEnabled(m_layer->count() > 1);
                   });
}

void ImageChooser::choose()
{
    const int layer = m_layer->currentData().toInt();
    const QString name = referenceOf(m_image);
    if (layer == 0) {
        Q_EMIT chosen({m_image.uuid, name, m_engine});
        accept();
        return;
    }
    setUsable(false);
    QCoro::connect(m_engine->layerImage(m_image.uuid, layer, m_stop.get_token()), this,
                   [this, name, layer](const Result<engine::ImageRecord> &image) {
                       if (!image) {
                           m_hint->setText(image.error().text());
                           setUsable(true);
                           return;
                       }
                       Q_EMIT chosen({image->uuid, tr("%1, layer %2").arg(name).arg(layer), m_engine});
                       accept();
                   });
}

} // namespace cooperage::gui
