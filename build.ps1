<#
.SYNOPSIS
Builds, tests and shows the DattoRMM module.

.DESCRIPTION
  build   the native library, the simulator and the module, the latter into out/DattoRMM
  test    builds, then runs every test; the last line is "N passed, N failed"
  demo    builds, then shows the module at work against the simulator
  bench   builds, then measures the module against the simulator, beside what is possible in the same run

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
    [ValidateSet('build', 'test', 'demo', 'bench')]
    [string] $Task = 'build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # Runs only the tests whose name contains this.
    [string] $Filter = '',

    # Measures only these; an unknown name lists them all.
    [string[]] $Case = @(),

    # How often each is measured; the medians are shown.
    [ValidateRange(1, 1000)]
    [int] $Runs = 5,

    # Measures what can be judged on any machine, and fails where a figure is more than twice its goal.
    [switch] $Guard
)

$ErrorActionPreference = 'Stop'
# Exit codes are checked one by one, with a sentence of ours.
$PSNativeCommandUseErrorActionPreference = $false

$Module = [IO.Path]::Combine($PSScriptRoot, 'out', 'DattoRMM')
# The release library is part of a download that devices make; it may not grow unnoticed.
$LibraryLimitBytes = 2500000
# To optimise what is not shipped as a whole takes minutes, and nobody would notice.
$QuickRelease = '--config', 'profile.release.lto=false', '--config', 'profile.release.codegen-units=16'
$DotnetBuild = '-c', $Configuration, '-warnaserror', '--nologo', '-v', 'quiet', '-clp:NoSummary'

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

# Where cargo puts its results, and what it and PowerShell call the native library of this machine.
function Get-NativeBuild {
    $triple = (& rustc -vV | Where-Object { $_ -like 'host: *' }) -replace '^host: ', ''
    $cpu = switch -Wildcard ($triple) {
        'x86_64-*' { 'x64' }
        'aarch64-*' { 'arm64' }
        'i686-*' { 'x86' }
    }
    $system, $prefix, $extension, $program = switch -Wildcard ($triple) {
        '*-windows-*' { 'win', '', 'dll', '.exe' }
        '*-linux-*' { 'linux', 'lib', 'so', '' }
        '*-apple-darwin' { 'osx', 'lib', 'dylib', '' }
    }
    if (-not $cpu -or -not $system) {
        throw "The module cannot be built on $triple."
    }
    $target = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { 'target' }
    $folder = [IO.Path]::Combine($PSScriptRoot, $target, $Configuration.ToLowerInvariant())
    [pscustomobject]@{
        Library = [IO.Path]::Combine($folder, "${prefix}drmm_native.$extension")
        Simulator = [IO.Path]::Combine($folder, "drmm-sim$program")
        # PowerShell looks for <rid>/<name in DllImport>.<extension> beside the module's assembly, without "lib".
        Shipped = [IO.Path]::Combine("$system-$cpu", "drmm_native.$extension")
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

function Build-Module {
    Assert-Tool cargo 'to build the native library and the simulator (Rust 1.95 or later)'
    Assert-Tool rustc 'to build the native library and the simulator (Rust 1.95 or later)'
    Assert-Tool dotnet 'to build the module (.NET SDK 10 or later)'

    $profileArguments = if ($Configuration -eq 'Release') { , '--release' } else { @() }
    # Only a library that is built as nothing else is optimised as a whole; with its rlib it is a quarter larger.
    Invoke-Tool cargo (@('rustc', '--locked', '-p', 'drmm-ffi', '--lib', '--crate-type', 'cdylib') + $profileArguments)
    Invoke-Tool cargo (@('build', '--locked', '-p', 'drmm-sim') + $profileArguments + $QuickRelease)
    Invoke-Tool dotnet (@('build', 'module/DattoRMM.csproj') + $DotnetBuild)
    $assembly = "module/bin/$Configuration/netstandard2.0/DattoRMM.dll"
    Invoke-Tool dotnet 'run', 'tools/help.cs', '--', $assembly

    $native = Get-NativeBuild
    $size = [IO.FileInfo]::new($native.Library).Length
    if ($Configuration -eq 'Release' -and $size -gt $LibraryLimitBytes) {
        throw "$($native.Library) has $size bytes, more than the $LibraryLimitBytes it may have."
    }

    $source = [IO.Path]::Combine($PSScriptRoot, 'module')
    $built = [IO.Path]::Combine($PSScriptRoot, $assembly)
    $files = @{
        $native.Shipped = $native.Library
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
    "Built $Module ($($native.Shipped): $size bytes)" | Out-Host
}

# Runs one part of the tests, passes its output on, and adds up what its summary lines say. A runner that fails without
# a failed test, or that ran none, is one failure.
function Invoke-TestPart([string] $Part, [string] $Name, [string[]] $Arguments, [string] $Summary) {
    $passed = 0
    $failed = 0
    $notRun = 0
    "> $Name $Arguments" | Out-Host
    & $Name @Arguments | ForEach-Object {
        $_ | Out-Host
        if ($_ -match $Summary) {
            $passed += $Matches.passed
            $failed += $Matches.failed
            $notRun += $Matches.notrun
        }
    }
    $note = if ($notRun) { "$notRun not run" }
    if ($LASTEXITCODE -ne 0 -and $failed -eq 0) {
        $failed = 1
        $note = "the runner ended with exit code $LASTEXITCODE"
    }
    elseif ($passed + $failed -eq 0 -and -not $Filter) {
        $failed = 1
        $note = 'no test was found'
    }
    [pscustomobject]@{ Part = $Part; Passed = $passed; Failed = $failed; Note = $note }
}

function Test-Rust {
    $arguments = @('test', '--locked', '--workspace', '--no-fail-fast') + @(if ($Filter) { $Filter })
    Invoke-TestPart 'cargo test' cargo $arguments '(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
}

function Test-Engine {
    $project = 'tests/engine/DattoRMM.Engine.Tests.csproj'
    # The summary is read, so it has to be in English.
    $env:DOTNET_CLI_UI_LANGUAGE = 'en'
    & dotnet build $project @DotnetBuild | Out-Host
    if ($LASTEXITCODE -ne 0) {
        return [pscustomobject]@{ Part = 'tests/engine'; Passed = 0; Failed = 1; Note = 'it does not build' }
    }
    $arguments = @('test', $project, '-c', $Configuration, '--no-build') + @(if ($Filter) { '--filter', $Filter })
    Invoke-TestPart 'tests/engine' dotnet $arguments `
        'Failed: +(?<failed>\d+), Passed: +(?<passed>\d+), Skipped: +(?<notrun>\d+)'
}

# Pester runs in each PowerShell that there is, not in the one that runs this.
function Test-Pester {
    $shells = @('pwsh', 'powershell' | Where-Object { Get-Command $_ -CommandType Application -ErrorAction Ignore })
    if (-not $shells) {
        'tests/pester: not run: no pwsh' | Out-Host
    }
    elseif (-not [IO.Directory]::Exists([IO.Path]::Combine($PSScriptRoot, 'tests', 'pester'))) {
        'tests/pester: not run: there are none' | Out-Host
        return
    }
    foreach ($shell in $shells) {
        $pester = 'Get-Module Pester -ListAvailable | Where-Object { $_.Version.Major -ge 5 }'
        & $shell -NoProfile -Command "exit -not ($pester)"
        if ($LASTEXITCODE -ne 0) {
            "tests/pester: not run in ${shell}: no Pester 5" | Out-Host
            continue
        }
        # No double quotes in it: Windows PowerShell loses them on the way.
        $run = "`$result = Invoke-Pester tests/pester -FullNameFilter '*$Filter*' -PassThru; " +
            '''{0} passed; {1} failed; {2} ignored'' -f ' +
            '$result.PassedCount, $result.FailedCount, $result.SkippedCount; ' +
            'exit $result.Result -ne ''Passed'''
        Invoke-TestPart "tests/pester in $shell" $shell '-NoProfile', '-NonInteractive', '-Command', $run `
            '^(?<passed>\d+) passed; (?<failed>\d+) failed; (?<notrun>\d+) ignored'
    }
}

function Test-Everything {
    try {
        Build-Module
        $parts = @(Test-Rust; Test-Engine; Test-Pester)
    }
    catch {
        $_ | Out-Host
        $parts = @([pscustomobject]@{ Part = 'build'; Passed = 0; Failed = 1; Note = 'nothing was tested' })
    }
    $parts | Out-Host
    $passed = 0
    $failed = 0
    foreach ($part in $parts) {
        $passed += $part.Passed
        $failed += $part.Failed
    }
    "$passed passed, $failed failed"
    if ($failed -ne 0) {
        exit 1
    }
}

function Measure-Everything {
    Invoke-Tool cargo 'build', '--locked', '--release', '-p', 'drmm-ffi', '--example', 'batch_library'
    Invoke-Tool cargo (@('build', '--locked', '--release', '-p', 'drmm-fleet') + $QuickRelease)
    # Published, the engine is compiled beforehand, as it is in an installed PowerShell.
    $folder = [IO.Path]::Combine($PSScriptRoot, 'tests', 'bench', 'bin', 'published')
    Invoke-Tool dotnet 'publish', 'tests/bench/DattoRMM.Bench.csproj', '-c', 'Release', '--use-current-runtime',
        '-warnaserror', '--nologo', '-v', 'quiet', '-o', $folder
    $arguments = @(foreach ($name in $Case) { '--case', $name }) + @('--runs', $Runs) + @(if ($Guard) { '--guard' })
    Invoke-Tool dotnet (@([IO.Path]::Combine($folder, 'DattoRMM.Bench.dll')) + $arguments)
}

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
        'bench' {
            Build-Module
            Measure-Everything
        }
    }
}
finally {
    [void] $locations.PopLocation('build')
}
