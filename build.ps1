<#
.SYNOPSIS
Builds, tests and shows the DattoRMM module.

.DESCRIPTION
  build          the native library, the simulator and the module, the latter into out/DattoRMM
  test           builds, then runs every test; the last line is "N passed, N failed"
  demo           builds, then shows the module at work against the simulator
  bench          builds, then measures the module against the simulator, beside what is possible in the same run
  lint           formatting and lints
  native         the native library as it is shipped, into out/native/<rid>
  simulator      the simulator for other machines, into out/simulator/<rid>
  package        builds, then packs the module with the libraries of -Native into out/package, and the simulators of
                 -Simulator
  check-package  reads what was packed: what the libraries need of a system, what galleries are told
  test-package   runs the Pester tests on what was packed
  test-windows   builds for Windows and runs the tests under Wine, in a chroot that -Lab makes (Debian and root only)
  release        makes a release on GitHub of what was packed

Needs Rust and the .NET SDK. Runs in Windows PowerShell 5.1 and in PowerShell 7; where neither is installed:

    dotnet run tools/pwsh.cs build.ps1 <task>

That console has only the engine's own commands, so this script uses only those, .NET and native commands. It is plain
ASCII because Windows PowerShell reads it in the system's code page.

.EXAMPLE
./build.ps1 test -Filter quota

.EXAMPLE
./build.ps1 bench -Case import, devices -Runs 15
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'test', 'demo', 'bench', 'lint', 'native', 'simulator', 'package', 'check-package',
        'test-package', 'test-windows', 'release')]
    [string] $Task = 'build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # test, test-package: only the tests whose name contains this.
    [string] $Filter = '',

    # bench: only these, with commas between them; an unknown name lists them all.
    [string[]] $Case = @(),

    # bench: how often each is measured; the medians are shown.
    [ValidateRange(1, 1000)]
    [int] $Runs = 5,

    # bench: only what can be judged on any machine; fails where a figure is more than twice its goal.
    [switch] $Guard,

    # native, simulator: for which of Rust's targets; this machine's if it is not named.
    [string] $Target = '',

    # package: a folder with <rid>/drmm_native.<extension>; out/native with this machine's if it is not named.
    [string] $Native = '',

    # package: all platforms' libraries and simulators have to be there.
    [switch] $Complete,

    # test-package: the module's folder; the one that the package task made if it is not named.
    [string] $Package = '',

    # package: a folder with <rid>/drmm-sim, such as out/simulator; none is packed if it is not named.
    # test-package: the simulator's program, or the folder that it lies in; it is built if it is not named.
    [string] $Simulator = '',

    # test, test-package: the PowerShell to run Pester in, or its version, which is downloaded then; each of pwsh and
    # powershell that there is if it is not named.
    [string] $Shell = '',

    # test-windows: the folder of winlab.sh, which makes its chroot where the variable LAB says, else in the folder for
    # temporary files; DRMM_WINDOWS_LAB, or the one beside the checkout, if it is not named.
    [string] $Lab = '',

    # release: the tag, which has to be that of the version.
    [string] $Tag = ''
)

$ErrorActionPreference = 'Stop'
# Exit codes are checked one by one, with a sentence of ours.
$PSNativeCommandUseErrorActionPreference = $false

# In the files of tools/, $PSScriptRoot is their folder.
$Checkout = $PSScriptRoot
$Module = [IO.Path]::Combine($PSScriptRoot, 'out', 'DattoRMM')
$NativeFolder = [IO.Path]::Combine($PSScriptRoot, 'out', 'native')
$SimulatorFolder = [IO.Path]::Combine($PSScriptRoot, 'out', 'simulator')
$PackageFolder = [IO.Path]::Combine($PSScriptRoot, 'out', 'package')
# To optimise what is not the library as a whole takes minutes, and nobody would notice.
$QuickRelease = '--config', 'profile.release.lto=false', '--config', 'profile.release.codegen-units=16'
$ProfileArguments = if ($Configuration -eq 'Release') { , '--release' } else { @() }
$DotnetBuild = '-c', $Configuration, '-warnaserror', '--nologo', '-v', 'quiet', '-clp:NoSummary'

# A path as the caller means it, before the location changes.
function Resolve-Given([string] $Path) {
    if ($Path) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path) }
}

function Get-Version {
    $text = [IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'module', 'DattoRMM.psd1'))
    [regex]::Match($text, "ModuleVersion += '(.+)'").Groups[1].Value
}

function Assert-Tool([string] $Name, [string] $Needed) {
    if (-not (Get-Command $Name -CommandType Application -ErrorAction Ignore)) {
        throw "$Name is not on the PATH; it is needed $Needed."
    }
}

function Invoke-Tool([string] $Name, [string[]] $Arguments) {
    "> $Name $Arguments" | Out-Host
    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "$Name ended with exit code ${LASTEXITCODE}: $Name $Arguments"
    }
}

function Get-HostTarget {
    (& rustc -vV | Where-Object { $_ -like 'host: *' }) -replace '^host: ', ''
}

# Where cargo puts its results, and what it and PowerShell call the native library of a target.
function Get-NativeBuild([string] $Triple = (Get-HostTarget)) {
    $cpu = switch -Wildcard ($Triple) {
        'x86_64-*' { 'x64' }
        'aarch64-*' { 'arm64' }
        'i686-*' { 'x86' }
    }
    $system, $prefix, $extension, $program, $limit = switch -Wildcard ($Triple) {
        '*-windows-*' { 'win', '', 'dll', '.exe', 3500000 }
        '*-linux-*' { 'linux', 'lib', 'so', '', 2500000 }
        '*-apple-darwin' { 'osx', 'lib', 'dylib', '', 3500000 }
    }
    if (-not $cpu -or -not $system) {
        throw "The module cannot be built for $Triple."
    }
    $results = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { 'target' }
    $results = [IO.Path]::Combine($PSScriptRoot, $results)
    $library = "${prefix}drmm_native.$extension"
    [pscustomobject]@{
        Rid = "$system-$cpu"
        Library = [IO.Path]::Combine($results, $Configuration.ToLowerInvariant(), $library)
        Simulator = [IO.Path]::Combine($results, 'debug', "drmm-sim$program")
        # For another machine, or as it is shipped.
        ShippedLibrary = [IO.Path]::Combine($results, $Triple, 'release', $library)
        ShippedSimulator = [IO.Path]::Combine($results, $Triple, 'release', "drmm-sim$program")
        # PowerShell looks for <rid>/<name in DllImport>.<extension> beside the module's assembly, without "lib".
        File = [IO.Path]::Combine("$system-$cpu", "drmm_native.$extension")
        # The library is part of a download that devices make; it may not grow unnoticed.
        LimitBytes = $limit
    }
}

# Puts a file in place as a whole: a session that has loaded the old one keeps what it has.
function Publish-File([string] $Source, [string] $Target) {
    [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Target))
    [IO.File]::Copy($Source, "$Target.new", $true)
    if (-not [IO.File]::Exists($Target)) {
        [IO.File]::Move("$Target.new", $Target)
        return
    }
    try {
        [IO.File]::Replace("$Target.new", $Target, [NullString]::Value)
    }
    catch [IO.IOException] {
        throw "$Target cannot be replaced; close the sessions that have imported it. ($($_.Exception.Message))"
    }
}

# In the mode of the tests, which share what it is made of; there, too, it is optimised (Cargo.toml).
function Build-Simulator {
    Invoke-Tool cargo 'build', '--locked', '-p', 'drmm-sim'
}

function Build-Module {
    Assert-Tool cargo 'to build the native library and the simulator (Rust 1.95 or later)'
    Assert-Tool rustc 'to build the native library and the simulator (Rust 1.95 or later)'
    Assert-Tool dotnet 'to build the module (.NET SDK 10 or later)'

    # Only a library that is built as nothing else is optimised as a whole; with its rlib it is a quarter larger.
    Invoke-Tool cargo (@('rustc', '--locked', '-p', 'drmm-ffi', '--lib', '--crate-type', 'cdylib') + $ProfileArguments)
    Build-Simulator
    Invoke-Tool dotnet (@('build', 'module/DattoRMM.csproj') + $DotnetBuild)
    $assembly = "module/bin/$Configuration/netstandard2.0/DattoRMM.dll"
    Invoke-Tool dotnet 'run', 'tools/help.cs', '--', $assembly

    $native = Get-NativeBuild
    $size = [IO.FileInfo]::new($native.Library).Length
    if ($Configuration -eq 'Release' -and $size -gt $native.LimitBytes) {
        throw "$($native.Library) has $size bytes, more than the $($native.LimitBytes) it may have."
    }

    $source = [IO.Path]::Combine($PSScriptRoot, 'module')
    $built = [IO.Path]::Combine($PSScriptRoot, $assembly)
    $files = @{
        $native.File = $native.Library
        'DattoRMM.dll' = $built
        [IO.Path]::Combine('en-US', 'DattoRMM.dll-Help.xml') = "$built-Help.xml"
    }
    foreach ($name in 'DattoRMM.psd1', 'DattoRMM.Format.ps1xml', 'DattoRMM.Types.ps1xml') {
        $files[$name] = [IO.Path]::Combine($source, $name)
    }
    foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($source, 'help', 'en-US'))) {
        $files[[IO.Path]::Combine('en-US', [IO.Path]::GetFileName($file))] = $file
    }
    foreach ($name in $files.Keys) {
        Publish-File $files[$name] ([IO.Path]::Combine($Module, $name))
    }
    foreach ($file in [IO.Directory]::GetFiles($Module, '*', 'AllDirectories')) {
        if (-not $files.ContainsKey($file.Substring($Module.Length + 1))) {
            [IO.File]::Delete($file)
        }
    }
    "Built $Module ($($native.File): $size bytes)" | Out-Host
}

function Build-Package {
    Build-Module
    $libraries = $Native
    if (-not $libraries) {
        Build-Native
        $libraries = $NativeFolder
    }
    $ours = foreach ($name in 'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'CHANGELOG.md') {
        [IO.Path]::Combine($PSScriptRoot, $name)
    }
    $simulators = foreach ($name in 'LICENSE', 'crates/drmm-sim/THIRD-PARTY-NOTICES.txt') {
        [IO.Path]::Combine($PSScriptRoot, $name)
    }
    & ([IO.Path]::Combine($PSScriptRoot, 'tools', 'package.ps1')) -Module $Module -Native $libraries `
        -Simulator $Simulator -Output $PackageFolder -Document $ours -SimulatorDocument $simulators -Complete:$Complete
    "Packed $PackageFolder" | Out-Host
}

function Measure-Everything {
    Invoke-Tool cargo 'build', '--locked', '--release', '-p', 'drmm-batch'
    if (-not $Guard) {
        Invoke-Tool cargo (@('build', '--locked', '--release', '-p', 'drmm-fleet') + $QuickRelease)
        # With line numbers, which tell what an instruction is for.
        Invoke-Tool cargo 'build', '--locked', '--profile', 'profiling', '-p', 'drmm-profile'
    }
    # Published, the engine is compiled beforehand, as it is in an installed PowerShell.
    $folder = [IO.Path]::Combine($PSScriptRoot, 'tests', 'bench', 'bin', 'published')
    Invoke-Tool dotnet 'publish', 'tests/bench/DattoRMM.Bench.csproj', '-c', 'Release', '--use-current-runtime',
        '-warnaserror', '--nologo', '-v', 'quiet', '-o', $folder
    $arguments = @(foreach ($name in $Case -split ', *') { '--case', $name }) + @('--runs', $Runs) + @(if ($Guard) { '--guard' })
    Invoke-Tool dotnet (@([IO.Path]::Combine($folder, 'DattoRMM.Bench.dll')) + $arguments)
}

. ([IO.Path]::Combine($PSScriptRoot, 'tools', 'native.ps1'))
. ([IO.Path]::Combine($PSScriptRoot, 'tools', 'test.ps1'))
. ([IO.Path]::Combine($PSScriptRoot, 'tools', 'windows.ps1'))

$Native = Resolve-Given $Native
$Package = Resolve-Given $Package
$Simulator = Resolve-Given $Simulator
$Lab = Resolve-Given $Lab

# Native commands run in PowerShell's location, which belongs to the caller.
$locations = $ExecutionContext.SessionState.Path
$locations.PushCurrentLocation('build')
[void] $locations.SetLocation($PSScriptRoot)
try {
    switch ($Task) {
        'build' {
            Build-Module
        }
        'test' {
            Test-Everything
        }
        'demo' {
            Build-Module
            $demo = [IO.Path]::Combine($PSScriptRoot, 'tools', 'demo.ps1')
            & $demo -Simulator (Get-NativeBuild).Simulator -Module $Module
        }
        'lint' {
            # rustup installs a toolchain that is only named without them.
            if (Get-Command rustup -CommandType Application -ErrorAction Ignore) {
                & cargo clippy --version
                if ($LASTEXITCODE -ne 0) {
                    Invoke-Tool rustup 'component', 'add', 'clippy', 'rustfmt'
                }
            }
            Invoke-Tool cargo 'fmt', '--all', '--check'
            Invoke-Tool cargo 'clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings'
            Invoke-Tool dotnet 'build', 'tools/pwsh.cs', '-p:TreatWarningsAsErrors=true', '-v', 'quiet'
        }
        'native' {
            Build-Native
        }
        'simulator' {
            Build-ShippedSimulator
        }
        'package' {
            Build-Package
        }
        'check-package' {
            Complete-Test @(Test-PackedFile)
        }
        'test-package' {
            Complete-Test @(Test-Package)
        }
        'release' {
            & ([IO.Path]::Combine($PSScriptRoot, 'tools', 'release.ps1')) -Tag $Tag -Version (Get-Version) `
                -Package $PackageFolder -Changelog ([IO.Path]::Combine($PSScriptRoot, 'CHANGELOG.md'))
        }
        'test-windows' {
            Test-Windows
        }
        'bench' {
            Build-Module
            Measure-Everything
        }
    }
}
finally {
    [void] $locations.PopLocation('build')
}
