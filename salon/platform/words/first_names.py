"""Common first names, folded: two of them are never one another with a fault."""

_NAMES = """
abdallah abdelaziz abdelkader achille adam adama adele adeline adrien agatha agathe agnes ahmed
aicha aime aimee aissa alain alan albane albert alexandra alexandre alexandrine alexia alexis ali
alice aliette aline alix alphonse amandine amar amaury ambre ambroise amelie amina amine amira anais
anatole andre andrea andree ange angela angele angelina angelique anita anna annabelle anne annette
annick annie anouk anthony antoine antoinette antonin apolline ariane ariel aristide arlette armand
armande armelle arnaud arsene arthur astrid aubin aude audrey auguste augustin augustine aurelie
aurelien auriane aurore axel axelle aziz bachir baptiste basile bastian bastien beatrice beatrix
benedict benedicte benjamin benoit berenice bernadette bernadine bernard bertille bertrand bilal
blaise blanche blandine boris brahim brice brigitte brune bruno camila camille candice capucine
carine carla carlos carmen carole caroline cassandre catherine cecile cedric celestin celia celina
celine cendrine cesar chakib chantal charlene charles charline charlotte charly cheikh chiara chloe
christel christelle christian christiane christianne christine christophe claire clara clarence
clarisse claude claudette claudia claudine clement clementine cleo clothilde clotilde colette
constance constant coralie corentin corine corinne cosima cyprien cyriaque cyrille dalila damien
damienne dan daniel daniele danielle danny dany dario david davy deborah delia delphine denis denisa
denise desire desiree diane didier djamel djamila dominique dorian doriane dorothee driss edgar
edith edmee edmond edouard edwige elena eleonore eliana eliane elias elie elina eliot eliott
elisabeth elise elodie eloise elsa elsie elvire emeline emile emilie emilien emilio emily emma
emmanuel emmanuelle enzo eric erica erick erika ermeline ernest esteban estele estelle esther
etienne eudes eugene eugenie eva evan eve evelyne ezio fabien fabienne fabrice fadila faiza fanny
farid farida fatiha fatima fatou faustine fedor felicie felicien felix fernand fernande fernando
fiona firmin flavie flavien flora flore florence florent florentin florian florine fouad france
francesca francesco francette francine francis franck francois francoise franz frederic frederique
gabin gabriel gabrielle gael gaelle gaetan gaetane gaston gautier genevieve georges georgette gerald
geraldine gerard gerardine germain germaine ghislain ghislaine gilbert gilberte gilles gino giovanni
gisele goulven gregory guilhem guillaume gustave guy guylaine gwenael gwenaelle hamed hamid hamza
hassan helena helene henri henriette henry hermine hernan herve hocine honore hortense houria hubert
hugo hugues huguette ibrahim idriss ilan ines ingrid irene irma isaac isabella isabelle isaure
ismael ivan jacky jacob jacqueline jacques jade jamal jamila janine jean jeanne jeannette jeannine
jenny jeoffrey jeremie jeremy jerome jessica jessy joachim joana joanna joao joaquim joel joelle
johan johanna johnny jonas jonathan jordan jordane jordi joris jose josee joseph josepha josephine
josette josiane josue juan judith jules julia julian juliana julie julien julienne juliette juste
justin justina justine kader kadija kamel kamila karim karima karine katia kelly kenza kevin khadija
khaled kim laetitia lamia lara larbi larissa laura laure laurence laurent laurie lazare lea leila
lena leo leon leonie leopold leslie leticia lilas lilian liliana liliane lina linda line lino lionel
lisa lise lisette loan loic lola lorenzo loris louane louis louisa louise louison lounes luc luca
lucas lucette luciano lucie lucien lucienne lucile lucille ludivine ludmila ludovic luigi luis lydia
lydie madeleine mael maelle magali mahmoud malik malika manolo manon manuel marc marcel marcelle
marco margaux margot marguerite maria mariam mariana marianne marie mariette marilyne marin marina
marine mario marion marise marius marjorie marlene marta martha martial martin martine maryline
maryse maryvonne mathias mathieu mathilde mathis mathurin matthieu maud maude maurice maxence maxime
maya mederic mehdi melanie melina melissa mercedes mia michael michaela michel michele michelle
mickael miguel mila milan milena milene mireille mohamed mona monique morgan morgane mounir mourad
muriel mustapha myriam myrtille nabil nadege nadia nadine nadir nael naima nassim natacha nathalie
nathan nathanael nawel nello nelly nestor nicola nicolas nicole nina noa noah noel noelle noemie
nora norbert nordine octave odette odile odilon olga olive olivette olivia olivier omar oriane
orlane ornella oscar oscarine othman pablo paola paolo pascal pascale pascalin pascaline patrice
patricia patrick paul paula paule paulette paulin pauline pedro perrette perrin perrine petra
philibert philippe philippine philomene pia pierre pierrette placide prosper prune quentin rachel
rachid raissa ralph ramon raoul raphael raphaela raphaelle rayan raymond raymonde rebecca regine
regis reine remi remie remy renan renata renaud rene renee richard robert roberta roberte robertine
robin rodolphe rodrigue roger roland rolande rolando romain romane romuald romy ronan rosa rosalie
rose roselyne rosine rosy roxane ruben ruth sabine sabrina sabrine sacha sadia safia said saida
salim salima sally salome salomon samia samir samira samuel samy sandra sandrine sara sarah sasha
sebastien sebastienne selim selma serge sergio severin severine sidonie silvia silvio simeon simon
simone solange sonia sophie soraya stella stephane stephanie steve steven suzanne suzette suzon
sybille sylvain sylvaine sylvere sylvette sylviane sylvie tanguy tania tatiana teddy teresa theo
theodore theophile theotime therese thibaud thibault thibaut thierry thomas timothee tina tiphaine
titouan tom toussaint tristan tristane ugo ulysse urbain ursule valentin valentine valentino valere
valeria valerie vanessa venceslas vera veronique vianney victoire victor victoria victorien
victorine vincent violaine violette virgile virginie viviane vivien vladimir walid walter wilfrid
wilfried william xavier yacine yanis yann yannick yasmina yasmine yoann yohan yolande yvan yves
yvette yvon yvonne zacharie zahra zeineb zelie zineb zita zoe zohra
"""
FIRST_NAMES = frozenset(_NAMES.split())
