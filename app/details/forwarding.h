#pragma once

#include <QMetaMethod>
#include <QObject>

namespace cooperage::gui {

/// Whatever `from` signals, `to` signals as well: for a second object of a class that is connected already.
template <typename Class>
void forwardSignals(Class *from, Class *to)
{
    const QMetaObject &kind = Class::staticMetaObject;
    for (int index = kind.methodOffset(); index < kind.methodCount(); ++index) {
        const QMetaMethod method = kind.method(index);
        if (method.methodType() == QMetaMethod::Signal)
            QObject::connect(from, method, to, method);
    }
}

} // namespace cooperage::gui
