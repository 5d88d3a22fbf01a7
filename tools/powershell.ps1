<#
.SYNOPSIS
Downloads a PowerShell of that version from its releases and gives the path of its program.

.DESCRIPTION
For test-package of build.ps1, which names a version to test in. Needs gh, and tar, which Windows and macOS have, too.
What was downloaded is compared with the hashes of the release.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [version] $Version,

    [Parameter(Mandatory)]
    [string] $Output
)

$ErrorActionPreference = 'Stop'

function Invoke-Program([string] $Name, [string[]] $Arguments) {
    & $Name @Arguments | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "$Name ended with exit code ${LASTEXITCODE}: $Arguments"
    }
}

$system = [Runtime.InteropServices.RuntimeInformation]
$cpu = "$($system::OSArchitecture)".ToLowerInvariant()
$file, $program = if ($system::IsOSPlatform([Runtime.InteropServices.OSPlatform]::Windows)) {
    "PowerShell-$Version-win-$cpu.zip", 'pwsh.exe'
}
elseif ($system::IsOSPlatform([Runtime.InteropServices.OSPlatform]::OSX)) {
    "powershell-$Version-osx-$cpu.tar.gz", 'pwsh'
}
else {
    "powershell-$Version-linux-$cpu.tar.gz", 'pwsh'
}
$folder = [IO.Path]::Combine($Output, "$Version-$cpu")
$path = [IO.Path]::Combine($folder, $program)
if ([IO.File]::Exists($path)) {
    return $path
}

[void] [IO.Directory]::CreateDirectory($folder)
Invoke-Program 'gh' 'release', 'download', "v$Version", '--repo', 'PowerShell/PowerShell', '--dir', $Output,
    '--clobber', '--pattern', $file, '--pattern', 'hashes.sha256'
$archive = [IO.Path]::Combine($Output, $file)
$sha = [Security.Cryptography.SHA256]::Create()
$hash = [BitConverter]::ToString($sha.ComputeHash([IO.File]::ReadAllBytes($archive))).Replace('-', '')
$expected = [IO.File]::ReadAllLines([IO.Path]::Combine($Output, 'hashes.sha256')) -like "*[ *]$file"
if (@($expected).Count -ne 1 -or $expected -notlike "$hash*") {
    throw "$archive has the hash $hash; the release says: $expected"
}
Invoke-Program 'tar' '-xf', $archive, '-C', $folder
if ($program -eq 'pwsh') {
    Invoke-Program 'chmod' '+x', $path
}
$path
