<#
.SYNOPSIS
Makes libraries to link with, so that what is linked runs on glibc 2.28 and later, whatever this machine has.

.DESCRIPTION
A library that is linked here would ask for the newest version of each function that this machine's glibc has, and not
load where that is missing. glibc keeps all older versions; so the libraries that this makes name, of each function, the
newest version that is not newer than -Version, and have no code. Functions that came later are missing in them: who
uses one learns it when linking. Needs cc and readelf, which cargo needs, too, to build for Linux.

Writes into -Output: libc.so, libm.so, libpthread.so and libdl.so, for the linker's search path, and stat.o, to link.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Output,

    [version] $Version = '2.28'
)

$ErrorActionPreference = 'Stop'

# Until 2.34 these were in libraries of their own.
$Threads = '^(pthread|sem)_'
$Loading = '^dl(open|close|sym|vsym|mopen|error|addr1?|info)$'

# Until 2.33 these were functions of the program, made from the header; the number is that of struct stat.
$StatSource = @'
#ifdef __x86_64__
#define STAT_VERSION 1
#else
#define STAT_VERSION 0
#endif
struct stat64;
#define HIDDEN __attribute__((visibility("hidden")))
int __xstat64(int, const char *, struct stat64 *);
int __lxstat64(int, const char *, struct stat64 *);
int __fxstat64(int, int, struct stat64 *);
int __fxstatat64(int, int, const char *, struct stat64 *, int);
HIDDEN int stat64(const char *path, struct stat64 *to) { return __xstat64(STAT_VERSION, path, to); }
HIDDEN int lstat64(const char *path, struct stat64 *to) { return __lxstat64(STAT_VERSION, path, to); }
HIDDEN int fstat64(int file, struct stat64 *to) { return __fxstat64(STAT_VERSION, file, to); }
HIDDEN int fstatat64(int folder, const char *path, struct stat64 *to, int flags) {
    return __fxstatat64(STAT_VERSION, folder, path, to, flags);
}
'@

function Invoke-Compiler([string[]] $Arguments) {
    & cc @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "cc ended with exit code ${LASTEXITCODE}: $Arguments"
    }
}

# The functions of a library of this machine, each with its newest version that is old enough.
function Read-Library([string] $Name) {
    $path = & cc "-print-file-name=$Name"
    if (-not [IO.Path]::IsPathRooted($path)) {
        throw "cc finds no $Name; glibc is needed, with its headers."
    }
    $newest = @{}
    foreach ($line in & readelf --dyn-syms --wide $path) {
        if ($line -match ' (GLOBAL|WEAK) +DEFAULT +\d+ (?<name>\w+)@+GLIBC_(?<version>[\d.]+)$') {
            $found = [version] $Matches.version
            if ($found -le $Version -and (-not $newest[$Matches.name] -or $found -gt $newest[$Matches.name])) {
                $newest[$Matches.name] = $found
            }
        }
    }
    $newest
}

# A library without code: each name is one byte.
function Write-Library([string] $Name, [string] $RuntimeName, [hashtable] $Symbols) {
    $path = [IO.Path]::Combine($Output, $Name)
    $versions = @{}
    foreach ($symbol in $Symbols.Keys) {
        $versions["GLIBC_$($Symbols[$symbol])"] += "$symbol; "
    }
    $script = foreach ($key in $versions.Keys) { "$key { $($versions[$key]) };" }
    $code = foreach ($symbol in $Symbols.Keys) { ".globl $symbol`n.type $symbol, %function`n${symbol}: .byte 0" }
    [IO.File]::WriteAllText("$path.map", "$($script -join "`n")`n")
    [IO.File]::WriteAllText("$path.s", ".text`n$($code -join "`n")`n.section .note.GNU-stack, `"`", %progbits`n")
    Invoke-Compiler '-shared', '-nostdlib', "-Wl,-soname,$RuntimeName", "-Wl,--version-script=$path.map", '-o', $path,
        "$path.s"
}

[void] [IO.Directory]::CreateDirectory($Output)
$all = Read-Library 'libc.so.6'
foreach ($name in 'libpthread.so.0', 'libdl.so.2') {
    $more = Read-Library $name
    foreach ($symbol in $more.Keys) {
        $all[$symbol] = $more[$symbol]
    }
}
$parts = @{ 'libc.so.6' = @{}; 'libpthread.so.0' = @{}; 'libdl.so.2' = @{} }
foreach ($symbol in $all.Keys) {
    $part = if ($symbol -match $Threads) { 'libpthread.so.0' }
    elseif ($symbol -match $Loading) { 'libdl.so.2' }
    else { 'libc.so.6' }
    $parts[$part][$symbol] = $all[$symbol]
}
$loader = if ([Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64') { 'ld-linux-aarch64.so.1' }
else { 'ld-linux-x86-64.so.2' }
Write-Library 'libpthread.so' 'libpthread.so.0' $parts['libpthread.so.0']
Write-Library 'libdl.so' 'libdl.so.2' $parts['libdl.so.2']
Write-Library 'libm.so' 'libm.so.6' (Read-Library 'libm.so.6')
Write-Library 'libloader.so' $loader (Read-Library $loader)
Write-Library 'libfunctions.so' 'libc.so.6' $parts['libc.so.6']
# Whoever links with libc gets the few functions of the loader, too.
[IO.File]::WriteAllText(
    [IO.Path]::Combine($Output, 'libc.so'), "INPUT(libfunctions.so AS_NEEDED(libloader.so))`n")

$stat = [IO.Path]::Combine($Output, 'stat')
[IO.File]::WriteAllText("$stat.c", $StatSource)
Invoke-Compiler '-O2', '-fPIC', '-c', '-o', "$stat.o", "$stat.c"
