#include "app/images/imagesection.h"

#include <algorithm>
#include <utility>

namespace cooperage::gui {

using engine::ImageListRow;

ImageSection::ImageSection(engine::ImageListQuery asked, QString title, int rows)
    : query(std::move(asked)), name(std::move(title)), count(rows)
{
}

const ImageListRow *ImageSection::row(int number) const
{
    const auto page = m_pages.constFind(number / PageSize);
    const int place = number % PageSize;
    return page == m_pages.cend() || place >= page->size() ? nullptr : &(*page)[place];
}

int ImageSection::find(const QString &uuid, const QString &tag) const
{
    for (auto page = m_pages.cbegin(); page != m_pages.cend(); ++page) {
        const auto row = std::ranges::find_if(*page, [&](const ImageListRow &candidate) {
            return candidate.image.uuid == uuid && candidate.image.tag == tag;
        });
        if (row != page->cend())
            return page.key() * PageSize + int(row - page->cbegin());
    }
    return -1;
}

void ImageSection::touch(int page)
{
    if (!m_lately.isEmpty() && m_lately.last() == page)
        return;
    m_lately.removeAll(page);
    m_lately.append(page);
    while (m_lately.size() > PagesInMemory)
        m_pages.remove(m_lately.takeFirst());
}

void ImageSection::store(int page, const QList<ImageListRow> &rows)
{
    if (wants(page))
        m_pages.insert(page, rows);
}

void ImageSection::forgetRows()
{
    m_pages.clear();
    m_lately.clear();
}

} // namespace cooperage::gui
