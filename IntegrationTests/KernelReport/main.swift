import FoundationEssentials
import Glibc

// KernelReport FOLDER RESULTS...: makes matrix.md and matrix.html in FOLDER of the beds' results.
let arguments = CommandLine.arguments.dropFirst()
guard let folder = arguments.first, arguments.count > 1 else {
  try Data("Usage: KernelReport FOLDER RESULTS...\n".utf8).write(to: URL(filePath: "/dev/stderr"))
  exit(64)
}
let results = try arguments.dropFirst().flatMap { path in
  let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  let (results, torn) = CaseResult.read(text)
  if torn > 0 { print("\(path): lines that are no result: \(torn)") }
  return results
}
let report = MatrixReport(results)
try Data(report.markdown.utf8).write(to: URL(filePath: "\(folder)/matrix.md"))
try Data(report.html.utf8).write(to: URL(filePath: "\(folder)/matrix.html"))
print(report.summary)
