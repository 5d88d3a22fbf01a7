# What the tests of the scripts in examples/ share, beside what all tests of Pester do: dot-source it in BeforeAll.
# Component scripts run as the agent runs them, each in a process of its own with its variables in the environment; the
# others in the session of the test.

. ([IO.Path]::Combine($PSScriptRoot, '..', 'Fixture.ps1'))

# The platforms that a release has libraries for.
$platforms = 'win-x64', 'win-x86', 'win-arm64', 'linux-x64', 'linux-arm64', 'osx-x64', 'osx-arm64'

function Get-Example([string] $Name) {
    [IO.Path]::Combine((Get-Checkout), 'examples', $Name)
}

function Start-ExampleSimulator {
    Start-Simulator '--devices 60 --sites 3 --job-ms 0'
}

# What the scripts and Connect-DrmmApi take to reach the simulator; the scripts disconnect.
function Get-Login($Simulator) {
    $secret = ConvertTo-SecureString $Simulator.secret -AsPlainText -Force
    @{ Url = $Simulator.url; Credential = [Management.Automation.PSCredential]::new($Simulator.key, $secret) }
}

# A function of a script, to call it as it stands there.
function Get-ScriptFunction([string] $Script, [string] $Name) {
    $tree = [Management.Automation.Language.Parser]::ParseFile((Get-Example $Script), [ref] $null, [ref] $null)
    $isFunction = { $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] -and $args[0].Name -eq $Name }
    $tree.Find($isFunction, $true)
}

# The module's zip, as a release has it: below DattoRMM/<version>, with a library for each platform. Those that were not
# built here are not what they are called.
function Get-ModuleZip {
    $module = Get-Module DattoRMM
    $zip = Join-Path $TestDrive "DattoRMM-$($module.Version).zip"
    if (-not [IO.File]::Exists($zip)) {
        $packed = Join-Path $TestDrive 'packed'
        $root = [IO.Path]::Combine($packed, 'DattoRMM', $module.Version)
        [void] (New-Item -ItemType Directory (Split-Path $root))
        Copy-Item $module.ModuleBase $root -Recurse
        foreach ($platform in $platforms) {
            $folder = Join-Path $root $platform
            if (-not [IO.Directory]::Exists($folder)) {
                $extension = @{ win = 'dll'; linux = 'so'; osx = 'dylib' }[($platform -split '-')[0]]
                [void] (New-Item -ItemType Directory $folder)
                Set-Content (Join-Path $folder "drmm_native.$extension") 'x'
            }
        }
        Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem
        $archive = [IO.Compression.ZipFile]::Open($zip, 'Create')
        try {
            foreach ($file in [IO.Directory]::GetFiles($packed, '*', 'AllDirectories')) {
                # ZipFile.CreateFromDirectory would write backslashes in Windows PowerShell.
                $name = $file.Substring($packed.Length + 1).Replace('\', '/')
                [void] [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $file, $name)
            }
        }
        finally {
            $archive.Dispose()
        }
    }
    $zip
}

# Puts a script into a folder of its own beside the module's zip, as the agent does with what is attached, and gives it
# the variables that the documentation of the scripts asks for.
function New-Component($Simulator, $Device, [string] $Name) {
    $folder = Join-Path $TestDrive ([guid]::NewGuid())
    [void] (New-Item -ItemType Directory $folder)
    $zip = Copy-Item (Get-ModuleZip) $folder -PassThru
    Copy-Item (Get-Example $Name) $folder
    [pscustomobject]@{
        Folder = $folder
        Zip = $zip.FullName
        Script = Join-Path $folder $Name
        Variables = @{
            DRMM_API_KEY = $Simulator.key
            DRMM_API_SECRET = $Simulator.secret
            ModuleSha256 = (Get-FileHash $zip.FullName -Algorithm SHA256).Hash.ToLowerInvariant()
            COMPUTERNAME = $Device.hostname
            CS_PROFILE_UID = $Device.siteUid
            CS_PROFILE_NAME = $Device.siteName
        }
    }
}

# Runs a script in the culture of a profile or of a scheduled task's account.
function Invoke-In([string] $Culture, [scriptblock] $Work) {
    $thread = [Threading.Thread]::CurrentThread
    $former = $thread.CurrentCulture
    try {
        $thread.CurrentCulture = [Globalization.CultureInfo]::new($Culture)
        & $Work
    }
    finally {
        $thread.CurrentCulture = $former
    }
}
