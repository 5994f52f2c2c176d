/// A module's name in the kernel's spelling: files and commands may use `-` for `_`.
func moduleName(_ name: some StringProtocol) -> String {
  String(name.map { $0 == "-" ? "_" : $0 })
}

/// A pattern of module names in the kernel's spelling. What stands in brackets stays as it is.
func modulePattern(_ pattern: some StringProtocol) -> String {
  var isInBrackets = false
  return String(
    pattern.map { character in
      if character == "[" { isInBrackets = true }
      if character == "]" { isInBrackets = false }
      return character == "-" && !isInBrackets ? "_" : character
    })
}

/// The module that a file holds: `sha256_generic` for `kernel/crypto/sha256-generic.ko.xz`; `nil`
/// for a file that is no module.
func moduleName(ofFile path: some StringProtocol) -> String? {
  let file = path.split(separator: "/").last ?? ""
  for suffix in [".ko", ".ko.gz", ".ko.xz", ".ko.zst"] where file.hasSuffix(suffix) {
    return moduleName(file.dropLast(suffix.count))
  }
  return nil
}
