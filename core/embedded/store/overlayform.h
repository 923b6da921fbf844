#pragma once

namespace cooperage::embedded {

/// Whether this process is in the first user namespace, where overlayfs marks are trusted.* attributes. In
/// any other one they are user.* (mount option `userxattr`), and device nodes cannot be made.
[[nodiscard]] bool inInitialUserNamespace();

/// The attribute that makes a layer's folder hide the lower ones ("y"), for this process' namespace.
[[nodiscard]] const char *opaqueAttribute();

/// "trusted" or "user": which of the two forms this process writes. A store holds one form only.
[[nodiscard]] const char *attributeKind();

} // namespace cooperage::embedded
